"""The desk in Discord, as people use it: commands, buttons and forms over a simulated Discord (SimCord)."""
