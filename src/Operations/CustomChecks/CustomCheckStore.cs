using Npgsql;
using NpgsqlTypes;
using Operations.EventLog;
using Operations.Heartbeats;
using Operations.Http;
using Operations.Intake;
using Operations.Storage;

namespace Operations.CustomChecks;

/// <summary>How a check ended.</summary>
/// <param name="FailureReason">Null where it passed.</param>
internal sealed record CheckResult(string CheckId, string Category, string? FailureReason);

/// <summary>A check as ServicePulse lists it.</summary>
internal sealed record CustomCheckView(
    Guid Id, string CustomCheckId, string Category, string Status, DateTime ReportedAt, string? FailureReason,
    CheckOrigin OriginatingEndpoint);

internal sealed record CheckOrigin(string Name, Guid HostId, string Host);

/// <summary>Keeps the last result of each check; an event where it turns.</summary>
internal sealed class CustomCheckStore([FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database)
{
    private const string Category = "CustomChecks";

    private static readonly string ReportCheck = Sql.Beside<CustomCheckStore>("report-check");

    public async Task Report(
        EndpointInstance from, CheckResult result, DateTime at, CancellationToken cancellationToken)
    {
        var failed = result.FailureReason is not null;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var report = transaction.Command(
            ReportCheck,
            MessageIdentity.Of(from.Name, from.HostId.ToString(), result.CheckId),
            result.CheckId,
            result.Category,
            failed,
            result.FailureReason,
            at,
            from.Name,
            from.Host,
            from.HostId);
        var before = await report.ExecuteScalarAsync(cancellationToken) as bool?;
        if (before != failed && (failed || before is not null))
        {
            await EventLogStore.Add(
                transaction,
                new LoggedEvent(
                    failed ? EventSeverity.Error : EventSeverity.Info,
                    Category,
                    failed ? "CustomCheckFailed" : "CustomCheckSucceeded",
                    $"{result.CheckId}: {result.FailureReason ?? "Working as expected."}")
                {
                    RelatedTo = [$"/customcheck/{result.CheckId}", $"/endpoint/{from.Name}", $"/host/{from.HostId}"],
                },
                cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <param name="failed">Only those that failed, or only those that passed; null for all.</param>
    public async Task<(List<CustomCheckView> Checks, long Total)> List(
        bool? failed, Paging paging, CancellationToken cancellationToken)
    {
        await using var list = database.CreateCommand(Sql.Beside<CustomCheckStore>("list-checks")).With(
            Sql.Typed(NpgsqlDbType.Boolean, failed),
            paging.Offset,
            (long)paging.Size);
        var total = 0L;
        var checks = await list.Read(
            row =>
            {
                total = row.GetInt64(9);
                return new CustomCheckView(
                    row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetBoolean(3) ? "fail" : "pass",
                    row.GetDateTime(5), row.Maybe<string>(4),
                    new CheckOrigin(row.GetString(6), row.GetGuid(8), row.GetString(7)));
            },
            cancellationToken);
        return (checks, total);
    }

    /// <summary>Forgets it until it is reported again.</summary>
    public Task Dismiss(Guid id, CancellationToken cancellationToken) =>
        database.Execute("delete from operations.custom_checks where id = $1", cancellationToken, id);
}
