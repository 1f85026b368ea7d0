using Npgsql;
using Operations.Actions;
using Operations.EventLog;
using Operations.Http;
using Operations.Intake;
using Operations.Storage;

namespace Operations.Redirects;

/// <summary>Retries of messages that failed in one queue go to another.</summary>
internal sealed record Redirect(
    Guid MessageRedirectId, string FromPhysicalAddress, string ToPhysicalAddress, DateTime LastModified);

/// <summary>Keeps the redirects.</summary>
internal sealed class RedirectStore([FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database)
{
    private static readonly string ListRedirects = Sql.Beside<RedirectStore>("list-redirects");

    public static Guid IdOf(string fromAddress) => MessageIdentity.Of(fromAddress);

    public async Task<List<Redirect>> List(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ListRedirects);
        return await command.Read(
            row => new Redirect(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetDateTime(3)),
            cancellationToken);
    }

    /// <summary>Where messages of a queue go instead.</summary>
    public async Task<Dictionary<string, string>> Routes(CancellationToken cancellationToken) =>
        (await List(cancellationToken)).ToDictionary(
            redirect => redirect.FromPhysicalAddress, redirect => redirect.ToPhysicalAddress, StringComparer.Ordinal);

    public Task Add(Redirect redirect, Operator who, CancellationToken cancellationToken) => Change(
        Sql.Beside<RedirectStore>("add-redirect"),
        [redirect.MessageRedirectId, redirect.FromPhysicalAddress, redirect.ToPhysicalAddress],
        new OperatorAction("create", "Redirect", Words(redirect)),
        ("MessageRedirectCreated", $"New redirect from '{redirect.FromPhysicalAddress}' to "
            + $"'{redirect.ToPhysicalAddress}' has been created."),
        who,
        cancellationToken);

    public Task Change(
        Redirect redirect, string toAddress, Operator who, CancellationToken cancellationToken) => Change(
        Sql.Beside<RedirectStore>("change-redirect"),
        [redirect.MessageRedirectId, toAddress],
        new OperatorAction("change", "Redirect", Words(redirect with { ToPhysicalAddress = toAddress })),
        ("MessageRedirectChanged", $"Redirect from '{redirect.FromPhysicalAddress}' to "
            + $"'{redirect.ToPhysicalAddress}' has been updated to '{toAddress}'."),
        who,
        cancellationToken);

    public Task Remove(Redirect redirect, Operator who, CancellationToken cancellationToken) => Change(
        Sql.Beside<RedirectStore>("remove-redirect"),
        [redirect.MessageRedirectId],
        new OperatorAction("remove", "Redirect", Words(redirect)),
        ("MessageRedirectRemoved", $"Redirect from '{redirect.FromPhysicalAddress}' to "
            + $"'{redirect.ToPhysicalAddress}' was removed."),
        who,
        cancellationToken);

    private static string Words(Redirect redirect) => $"{redirect.FromPhysicalAddress} -> {redirect.ToPhysicalAddress}";

    private async Task Change(
        string sql, object?[] values, OperatorAction action, (string Type, string Words) happened, Operator who,
        CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.Execute(sql, cancellationToken, values);
        await ActionLog.Record(transaction, who, action, cancellationToken);
        await EventLogStore.Add(
            transaction,
            new LoggedEvent(EventSeverity.Info, LoggedEvent.MessageRedirects, happened.Type, happened.Words),
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
