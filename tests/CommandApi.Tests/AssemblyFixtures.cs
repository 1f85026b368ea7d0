using CommandApi.Tests;
using Servers;

[assembly: AssemblyFixture(typeof(TestServers))]
[assembly: AssemblyFixture(typeof(SharedApi))]
