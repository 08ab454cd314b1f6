"""What the programs do with their configuration: knowledge that several rules share."""
