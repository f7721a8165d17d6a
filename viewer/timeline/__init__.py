"""A patient's visits in the window: columns over time, aligned views, and what changed."""
