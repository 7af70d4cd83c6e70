"""Pages of the app, one per module. Pages compose components and contain no logic."""
