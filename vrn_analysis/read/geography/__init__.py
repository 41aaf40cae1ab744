"""Small areas, boundaries, the people in them, and areas of the partnership."""
