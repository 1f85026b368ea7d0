using Npgsql;
using Operations.EventLog;
using Operations.Intake;
using Operations.Storage;

namespace Operations.Heartbeats;

/// <summary>An endpoint on a host.</summary>
internal sealed record EndpointInstance(string Name, string Host, Guid HostId)
{
    /// <summary>As ServiceControl makes it.</summary>
    public Guid Id => MessageIdentity.Of(Name, HostId.ToString());
}

/// <summary>An instance with what is known of it.</summary>
/// <param name="Alive">Null where it has never sent a heartbeat.</param>
internal sealed record KnownInstance(
    Guid Id, EndpointInstance Instance, bool Monitored, bool? Alive, DateTime? LastHeardAt);

/// <summary>Which endpoints there are, who was heard when, and what follows from silence.</summary>
internal sealed class EndpointInstances([FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database)
{
    private const string Category = "HeartbeatMonitoring";

    private static readonly string RecordHeartbeat = Sql.Beside<EndpointInstances>("record-heartbeat");

    /// <summary>The instance is alive; an event where that is news.</summary>
    public async Task Heard(EndpointInstance instance, DateTime at, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var record = transaction.Command(
            RecordHeartbeat, instance.Id, instance.Name, instance.Host, instance.HostId, at);
        var rows = await record.Read(
            row => (WasAlive: row.IsDBNull(0) ? (bool?)null : row.GetBoolean(0), Monitored: row.GetBoolean(1)),
            cancellationToken);
        var (wasAlive, monitored) = rows[0];
        var news = (wasAlive, monitored) switch
        {
            (null, _) => Event(
                EventSeverity.Info,
                "HeartbeatingEndpointDetected",
                $"Endpoint {instance.Name} running on host {instance.Host} has been confirmed to have heartbeats "
                    + "enabled.",
                instance),
            (false, true) => Event(
                EventSeverity.Info,
                "EndpointHeartbeatRestored",
                $"Endpoint {instance.Name} heartbeats have been restored on host {instance.Host}.",
                instance),
            _ => null,
        };
        if (news is not null)
            await EventLogStore.Add(transaction, news, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The instance has said that it starts.</summary>
    public async Task Started(EndpointInstance instance, DateTime at, CancellationToken cancellationToken)
    {
        await Heard(instance, at, cancellationToken);
        await Note(
            new LoggedEvent(
                EventSeverity.Info,
                "EndpointControl",
                "EndpointStarted",
                $"Endpoint '{instance.Name}' started on host {instance.Host}.")
            {
                RelatedTo = RelatedTo(instance),
            },
            cancellationToken);
    }

    /// <summary>Who has not been heard since then is not alive; an event for each that is monitored.</summary>
    public async Task MarkSilent(DateTime threshold, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var mark = transaction.Command(Sql.Beside<EndpointInstances>("mark-silent"), threshold);
        var silent = await mark.Read(
            row => (
                Instance: new EndpointInstance(row.GetString(0), row.GetString(1), row.GetGuid(2)),
                Monitored: row.GetBoolean(3)),
            cancellationToken);
        foreach (var (instance, _) in silent.Where(one => one.Monitored))
        {
            await EventLogStore.Add(
                transaction,
                Event(
                    EventSeverity.Error,
                    "EndpointFailedToHeartbeat",
                    $"Endpoint {instance.Name} has failed to send expected heartbeat on host {instance.Host}. It may "
                        + "be down or unresponsive: if this persists, restart it.",
                    instance),
                cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<List<KnownInstance>> List(CancellationToken cancellationToken)
    {
        await using var list = database.CreateCommand(Sql.Beside<EndpointInstances>("list-endpoints"));
        return await list.Read(
            row => new KnownInstance(
                row.GetGuid(0),
                new EndpointInstance(row.GetString(1), row.GetString(2), row.GetGuid(3)),
                row.GetBoolean(4),
                row.IsDBNull(5) ? null : row.GetBoolean(5),
                row.IsDBNull(6) ? null : row.GetDateTime(6)),
            cancellationToken);
    }

    /// <summary>Whether its silence is a failure from now on; false where it is not known.</summary>
    public async Task<bool> Monitor(Guid id, bool monitored, CancellationToken cancellationToken) =>
        await database.Execute(
            "update operations.endpoint_instances set monitored = $2 where id = $1", cancellationToken, id, monitored)
        > 0;

    /// <summary>Forgets it until it is heard again; false where it is not known.</summary>
    public async Task<bool> Forget(Guid id, CancellationToken cancellationToken) => await database.Execute(
        "delete from operations.endpoint_instances where id = $1", cancellationToken, id) > 0;

    private async Task Note(LoggedEvent happened, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await EventLogStore.Add(transaction, happened, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static LoggedEvent Event(
        EventSeverity severity, string type, string words, EndpointInstance instance) =>
        new(severity, Category, type, words) { RelatedTo = RelatedTo(instance) };

    private static string[] RelatedTo(EndpointInstance instance) =>
        [$"/endpoint/{instance.Name}", $"/host/{instance.HostId}"];
}
