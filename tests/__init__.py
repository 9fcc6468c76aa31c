"""Tests by behaviour, through the real doors."""
