using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Dashboard.Wire;

namespace Portable.Hosting.Tests.Dashboard;

public sealed class ResourceCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_is_executed_on_its_resource()
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);
        var executedOn = "";
        service.Api.Add("refill", context =>
        {
            executedOn = context.ResourceName;
            return Task.FromResult(CommandResults.Success());
        });

        var answer = await Execute(service, "api", "refill");

        Assert.Equal("api", executedOn);
        Assert.Equal(ResourceCommandResponseKind.Succeeded, answer.Kind);
    }

    [Fact]
    public async Task A_command_that_fails_says_why()
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);
        service.Api.Add("refill", _ => Task.FromResult(CommandResults.Failure("empty")));
        service.Api.Add("explode", _ => throw new InvalidOperationException("it broke"));
        service.Api.Add("cancel", _ => Task.FromResult(CommandResults.Canceled()));

        var refill = await Execute(service, "api", "refill");
        var explode = await Execute(service, "api", "explode");
        var cancel = await Execute(service, "api", "cancel");

        Assert.Equal((ResourceCommandResponseKind.Failed, "empty"), (refill.Kind, refill.ErrorMessage));
        Assert.Equal((ResourceCommandResponseKind.Failed, "it broke"), (explode.Kind, explode.ErrorMessage));
        Assert.Equal(ResourceCommandResponseKind.Cancelled, cancel.Kind);
    }

    [Fact]
    public async Task A_command_of_an_unknown_resource_fails()
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);

        var answer = await Execute(service, "nobody", "refill");

        Assert.Equal(ResourceCommandResponseKind.Failed, answer.Kind);
        Assert.Contains("nobody", answer.ErrorMessage);
    }

    private static async Task<ResourceCommandResponse> Execute(
        ResourceServiceFixture service, string resource, string command)
    {
        await service.Publish(snapshot => snapshot);
        await ResourceServiceTests.Published(service, published => published.Name == "api");
        using var call = await service.Client.Call(
            "ExecuteResourceCommand",
            new ResourceCommandRequest { ResourceName = resource, CommandName = command },
            Cancellation);
        var answer = await call.Next(ResourceCommandResponse.Parser, Cancellation);
        Assert.Equal((0, ""), await call.End(Cancellation));
        return answer!;
    }
}
