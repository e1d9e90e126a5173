// Another program that wants the processor: it spins until it is ended.
for (;;);
