using System.Globalization;
using Npgsql;
using Operations.Storage;

namespace Operations.Auditing;

/// <summary>The days of audited messages: a partition for each.</summary>
internal sealed partial class AuditDays(
    [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database, ILogger<AuditDays> logger)
{
    private const string Name = "audited_";
    private const string NameFormat = "yyyyMMdd";

    /// <summary>Any number: who holds this lock makes and drops partitions.</summary>
    private const long Lock = 0x617564697464;

    private static readonly string DropDays = Sql.Beside<AuditDays>("delete-days-counts");

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private DateTime due;

    /// <summary>
    /// Makes the partitions from yesterday to tomorrow, once a day. While somebody holds the table, a backup for
    /// instance, it does without: tomorrow's is not needed today, and there is one for days that have none.
    /// </summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task Prepare(CancellationToken cancellationToken)
    {
        var now = DateTime.UtcNow;
        if (now < due)
            return;
        var today = DateOnly.FromDateTime(now);
        try
        {
            await Change(
                async transaction =>
                {
                    var known = await Days(transaction, cancellationToken);
                    for (var day = today.AddDays(-1); day <= today.AddDays(1); day = day.AddDays(1))
                    {
                        if (!known.Contains(day))
                            await Make(day, transaction, cancellationToken);
                    }
                },
                cancellationToken);
            due = now.Date.AddDays(1);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            due = now + Pause;
            Held(logger, Pause, exception.MessageText);
        }
    }

    /// <summary>Drops the partitions of the days that are over since before this time.</summary>
    /// <exception cref="NpgsqlException">The database is away, or somebody reads one of them for too long.</exception>
    public Task Drop(DateTime before, CancellationToken cancellationToken) => Change(
        async transaction =>
        {
            var last = DateOnly.FromDateTime(before).AddDays(-1);
            foreach (var day in (await Days(transaction, cancellationToken)).Where(day => day <= last))
            {
                await transaction.Execute($"drop table operations.{NameOf(day)}", cancellationToken);
                await transaction.Execute(DropDays, cancellationToken, day);
            }
        },
        cancellationToken);

    /// <summary>In a transaction of its own, alone, and not for long in the way of those who read and write.</summary>
    private async Task Change(Func<NpgsqlTransaction, Task> change, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.Execute("select pg_advisory_xact_lock($1)", cancellationToken, Lock);
        await transaction.Execute("set local lock_timeout = '1s'", cancellationToken);
        await change(transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task Make(DateOnly day, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await transaction.SaveAsync("day", cancellationToken);
        try
        {
            // A name and a literal of digits alone: a partition's bounds cannot be parameters.
            var text = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            await transaction.Execute(
                $"create table operations.{NameOf(day)} partition of operations.audited_messages for values in "
                    + $"('{text}') with (parallel_workers = 0)",
                cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.CheckViolation)
        {
            // A clock that was ahead has brought messages of that day before: they and the others stay together.
            await transaction.RollbackAsync("day", cancellationToken);
            NotMade(logger, day, exception.MessageText);
        }
    }

    private static async Task<List<DateOnly>> Days(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var list = transaction.Command(Sql.Beside<AuditDays>("list-days"));
        var names = await list.Read(row => row.GetString(0), cancellationToken);
        return names.ConvertAll(name =>
            DateOnly.ParseExact(name[Name.Length..], NameFormat, CultureInfo.InvariantCulture));
    }

    private static string NameOf(DateOnly day) => Name + day.ToString(NameFormat, CultureInfo.InvariantCulture);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "No partition can be made for handled messages of tomorrow; next attempt in {Pause}: {Reason}")]
    private static partial void Held(ILogger logger, TimeSpan pause, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Handled messages of {Day} get no partition of their own: {Reason}")]
    private static partial void NotMade(ILogger logger, DateOnly day, string reason);
}
