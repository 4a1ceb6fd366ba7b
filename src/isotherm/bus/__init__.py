"""Wake-ups: within the process, or between processes over RabbitMQ or PostgreSQL."""
