"""Screens of servers in the browser: who may open one, for how long, and what ends it."""
