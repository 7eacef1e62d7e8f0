"use strict";
// Sends the form that asks Microsoft Entra for the user's roles. Without this script the user selects the button.
document.getElementById("sign-in-again").submit();
