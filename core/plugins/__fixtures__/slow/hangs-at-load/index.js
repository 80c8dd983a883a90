// Waits for a day that never comes.
for (;;);
