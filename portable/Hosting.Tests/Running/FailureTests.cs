using System.Net;
using System.Net.Sockets;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Testing;

namespace Portable.Hosting.Tests.Running;

public sealed class FailureTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_taken_port_is_named_with_its_holder_and_the_way_out()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        var builder = Applications.Builder();
        builder.AddService("service", port);

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => builder.Started(Cancel));

        Assert.Contains($"Port {port} of 'service'", failure.Message);
        Assert.Contains($"(process {Environment.ProcessId})", failure.Message);
        Assert.Contains("--Ports:service=PORT", failure.Message);
    }

    [Fact]
    public async Task A_port_can_be_replaced_from_the_command_line()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        var builder = Applications.Builder("--Ports:service=0");
        builder.AddService("service", port);
        await using var application = await builder.Started(Cancel);

        await application.Healthy("service");

        Assert.NotEqual(port, application.GetEndpoint("service").Port);
    }

    [Fact]
    public async Task A_project_that_is_not_built_says_so()
    {
        var builder = Applications.Builder();
        builder.AddProject<MissingProject>("missing");
        await using var application = await builder.Started(Cancel);

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.Healthy("missing"));

        Assert.Contains("is not built", failure.Message);
        Assert.Contains("dotnet build", failure.Message);
    }

    [Fact]
    public async Task Resources_that_wait_for_each_other_are_refused()
    {
        var builder = Applications.Builder();
        var first = builder.AddService("first");
        var second = builder.AddService("second").WaitFor(first);
        first.WaitFor(second);

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => builder.Started(Cancel));

        Assert.Contains("first -> second -> first", failure.Message);
    }

    [Fact]
    public void A_name_is_given_once()
    {
        var builder = Applications.Builder();
        builder.AddService("service");

        Assert.Throws<DistributedApplicationException>(() => builder.AddRedis("Service"));
    }

    [Fact]
    public async Task A_parameter_without_value_says_how_to_set_it()
    {
        var builder = Applications.Builder();
        var parameter = builder.AddParameter("token");

        var failure = await Assert.ThrowsAsync<MissingParameterValueException>(
            async () => await parameter.Resource.GetValueAsync(Cancel));

        Assert.Contains("--Parameters:token=VALUE", failure.Message);
    }

    [Fact]
    public async Task What_the_machine_does_not_have_is_left_out_and_nobody_waits_for_it()
    {
        var builder = Applications.Builder();
        var search = builder.AddRedis("search").WithAnnotation(new UnavailableAnnotation("not on this machine"));
        builder.AddService("service").WithReference(search).WaitFor(search);
        await using var application = await builder.Started(Cancel);

        var service = await application.Healthy("service");

        Assert.DoesNotContain(
            service.Snapshot.EnvironmentVariables, variable => variable.Name == "ConnectionStrings__search");
        Assert.Null(await application.GetConnectionStringAsync("search", Cancel));
    }

    public sealed class MissingProject : IProjectMetadata
    {
        public string ProjectPath => "/nowhere/Missing.csproj";

        public string AssemblyPath => "/nowhere/Missing.dll";
    }
}
