using Npgsql;

namespace Cli.Backup;

/// <summary>
/// Commands that were accepted and have no outcome yet: they are on the broker, where no backup sees them.
/// </summary>
internal static class UnsettledCommands
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Waits until every command that was accepted before now has an outcome, so that all that clients were told before
    /// the backup began is in it.
    /// </summary>
    /// <returns>How many have none after that time, or do not get one.</returns>
    public static async Task<long> Settle(
        NpgsqlDataSource database, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!await Exists(database, cancellationToken))
            return 0;
        var until = DateTimeOffset.UtcNow;
        while (true)
        {
            await using var command = database.CreateCommand(Sql.Read("count-unsettled"));
            command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = until });
            var unsettled = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
            if (unsettled == 0 || DateTimeOffset.UtcNow - until > patience)
                return unsettled;
            await Task.Delay(Look, cancellationToken);
        }
    }

    private static async Task<bool> Exists(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select to_regclass('commandlog.commands') is not null");
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
