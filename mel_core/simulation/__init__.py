"""What-if: pure functions of a frame and a frozen scenario. They know no database and no screen."""
