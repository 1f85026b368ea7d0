using Microsoft.Extensions.Hosting;
using Npgsql;

namespace ServiceDefaults.Messaging;

/// <summary>Creates a schema where it is missing, whichever instance comes first.</summary>
internal sealed class SchemaInstaller(NpgsqlDataSource database, string schema) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // "if not exists" alone is no guard: two sessions can both find it missing. The lock makes one of them wait.
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_advisory_xact_lock(hashtext('schemas'))"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"create schema if not exists \"{schema.Replace("\"", "\"\"")}\""));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
