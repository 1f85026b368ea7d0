using Servers;

// One run at a time: each takes the machine for itself, and a kill in one is no accident in another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(TestServers))]
