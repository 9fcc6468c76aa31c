"""VirtFusion: the client of its panel, the types that come out, and a panel to test against."""
