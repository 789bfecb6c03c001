"""The face for trainees at the workshop's touch screen."""
