"""The app under Microsoft's own worker library, which exists for Python 3.13 and later."""
