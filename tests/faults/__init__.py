"""What happens when machines fail or many people come at once: real processes, real databases."""
