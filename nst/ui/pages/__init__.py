"""One module a page; pages put components together and hold no logic of their own."""
