using Servers;

namespace Operations.Tests.ServicePulse;

/// <summary>An operator's day in ServicePulse.</summary>
public sealed class ServicePulseTests(TestServers servers)
{
    private const string Group = "InvalidOperationException";

    [Fact]
    public async Task A_failing_handler_is_seen_as_a_group_read_and_retried_alone_and_as_a_group()
    {
        await using var operations = await RunningOperations.Start(servers);
        await using var pulse = await Open(operations);
        for (var number = 1; number <= 3; number++)
            operations.Warehouse.Broken[number] = true;
        await operations.Send(1, 2, 3);
        await pulse.SeeGroup(Group, 3);
        var messages = await operations.Messages("unresolved", 3);

        var first = Key(messages[0]);
        var (stackTrace, body) = await pulse.Read(first);
        Assert.Contains("PacksParcels.Handle", stackTrace);
        Assert.Contains("\"Number\"", body);

        operations.Warehouse.Broken.Clear();
        await pulse.Retry(first);
        await pulse.SeeProcessed(first);
        await pulse.SeeGroup(Group, 2);
        await pulse.RetryGroup(Group);
        await pulse.SeeProcessed(Key(messages[1]));
        await pulse.SeeProcessed(Key(messages[2]));
        Assert.Equal([1, 2, 3], operations.Warehouse.Packed.Order());
        await pulse.SeeEvent("Failed message resolved by retry");
        await pulse.SeeNothingRefused();
    }

    [Fact]
    public async Task A_message_is_archived_restored_edited_and_retried_and_a_queue_redirected()
    {
        await using var operations = await RunningOperations.Start(servers);
        await using var pulse = await Open(operations);
        operations.Warehouse.Broken[7] = true;
        await operations.Send(7);
        var message = Key((await operations.Messages("unresolved", 1))[0]);

        await pulse.Archive(message);
        await pulse.Restore(message);
        await pulse.EditAndRetry(message, """{"Number":8}""");
        await pulse.SeeProcessed(message);
        for (var tries = 0; tries < 600 && operations.Warehouse.Packed.IsEmpty; tries++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal([8], operations.Warehouse.Packed);

        await pulse.Redirect(RunningOperations.EndpointName, "Tests.Moved");
        await pulse.SeeConnections();
        await pulse.SeeNothingRefused();
    }

    [Fact]
    public async Task Heartbeats_are_seen_lost_and_back_and_monitoring_shows_throughput()
    {
        await using var operations = await RunningOperations.Start(servers);
        await using var pulse = await Open(operations);
        await operations.Send([.. Enumerable.Range(100, 20)]);
        await pulse.SeeThroughput(RunningOperations.EndpointName);
        await pulse.SeeHeartbeats(RunningOperations.EndpointName, alive: true);

        await operations.StopEndpoint();
        await pulse.SeeHeartbeats(RunningOperations.EndpointName, alive: false);
        await pulse.SeeEvent("has failed to send expected heartbeat");

        await operations.StartEndpoint();
        await pulse.SeeHeartbeats(RunningOperations.EndpointName, alive: true);
        await pulse.SeeEvent("heartbeats have been restored");
        await pulse.SeeNothingRefused();
    }

    [Fact]
    public async Task Any_message_is_found_and_its_flow_its_sequence_and_its_saga_are_seen()
    {
        await using var operations = await RunningOperations.Start(servers);
        await using var pulse = await Open(operations);
        var shipment = Guid.NewGuid();
        await operations.Send(new ShipParcel(shipment, 4711));
        await operations.Handled(2);
        await operations.Send(new ShipmentArrived(shipment));
        operations.Warehouse.Broken[4712] = true;
        await operations.Send(4712);
        await operations.Messages("unresolved", 1);
        await pulse.SeeAllMessages(4);

        await pulse.Find($"{shipment} 4711", typeof(ShipParcel));
        await pulse.SeeFlow(typeof(ShipParcel), typeof(PackParcel));
        await pulse.SeeSequence(RunningOperations.EndpointName, typeof(ShipParcel), typeof(PackParcel));
        await pulse.SeeSaga(typeof(ShipmentSaga), typeof(ShipParcel), typeof(PackParcel));
        await pulse.Find("4712", typeof(PackParcel));
        await pulse.SeeNothingRefused();
    }

    private static async Task<IServicePulse> Open(RunningOperations operations) => ServicePulseBrowser.Folder is null
        ? new ServicePulseCalls(operations.Address)
        : await ServicePulseBrowser.Open(operations.Address, TestContext.Current.CancellationToken);

    private static FailedMessageKey Key(System.Text.Json.JsonElement message) =>
        new(message.GetProperty("id").GetString()!, message.GetProperty("message_id").GetString()!);
}
