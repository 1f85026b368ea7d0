using Servers;

[assembly: AssemblyFixture(typeof(TestServers))]
