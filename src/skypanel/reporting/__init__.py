"""What staff see across all domains: what needs a person, customers, search. Writes nothing."""
