"""The rules over files: what Resource Graph and Cost Management give out, without an app or an account."""
