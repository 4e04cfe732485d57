"""Domain rules that two services need: pure, about the business, knowing the contracts only."""
