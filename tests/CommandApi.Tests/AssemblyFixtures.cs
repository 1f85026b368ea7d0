using CommandApi.Tests;

[assembly: AssemblyFixture(typeof(SharedApi))]
