"""SQS on this machine: moto's queues, with waiting for messages that holds nobody else up."""
