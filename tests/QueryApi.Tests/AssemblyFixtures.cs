using QueryApi.Tests.Running;

[assembly: AssemblyFixture(typeof(RunningCommerce))]
