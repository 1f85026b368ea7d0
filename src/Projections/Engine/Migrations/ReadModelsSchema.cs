using Npgsql;
using Projections.Engine.Postgres;

namespace Projections.Engine.Migrations;

/// <summary>Brings the engine's own tables and the readers' role to the version that this program needs.</summary>
internal static class ReadModelsSchema
{
    private const string Folder = "Engine/Migrations";

    /// <summary>In order; a file that has landed is never changed, only followed by another.</summary>
    private static readonly string[] Files =
    [
        "001_checkpoints.sql", "002_readers.sql", "003_trigrams.sql", "004_advance.sql", "005_cursor_key.sql",
        "006_control.sql", "007_checks.sql", "008_announce.sql",
    ];

    /// <summary>
    /// One transaction under an advisory lock: instances that start at once take turns, and the later do nothing.
    /// </summary>
    public static async Task Migrate(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.Execute(EmbeddedText.Read($"{Folder}/Lock.sql"), cancellationToken);
        await connection.Execute(EmbeddedText.Read($"{Folder}/Bootstrap.sql"), cancellationToken);
        await using var applied = connection.CreateCommand().With(EmbeddedText.Read($"{Folder}/Applied.sql"));
        var done = (string[])(await applied.ExecuteScalarAsync(cancellationToken))!;
        foreach (var file in Files.Except(done))
        {
            await connection.Execute(EmbeddedText.Read($"{Folder}/{file}"), cancellationToken);
            await connection.Execute(EmbeddedText.Read($"{Folder}/Record.sql"), cancellationToken, file);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
