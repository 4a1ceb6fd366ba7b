"""What a lease allows: how long it surely holds, and a cloud that is not touched without one."""
