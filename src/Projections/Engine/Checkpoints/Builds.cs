using Npgsql;
using Projections.Engine.Postgres;

namespace Projections.Engine.Checkpoints;

/// <summary>Reads and makes builds, and makes one the live one.</summary>
internal static class Builds
{
    private static readonly string ReadBuildsSql = EmbeddedText.Read("Engine/Checkpoints/ReadBuilds.sql");
    private static readonly string AddBuildSql = EmbeddedText.Read("Engine/Checkpoints/AddBuild.sql");
    private static readonly string RetireLiveSql = EmbeddedText.Read("Engine/Checkpoints/RetireLive.sql");
    private static readonly string SwitchBuildSql = EmbeddedText.Read("Engine/Checkpoints/SwitchBuild.sql");
    private static readonly string RemoveBuildSql = EmbeddedText.Read("Engine/Checkpoints/RemoveBuild.sql");
    private static readonly string LockLiveSql = EmbeddedText.Read("Engine/Checkpoints/LockLive.sql");
    private static readonly string AnnounceSql = EmbeddedText.Read("Engine/Checkpoints/Announce.sql");

    /// <summary>All builds of a projection, the newest first.</summary>
    public static async Task<IReadOnlyList<Build>> Read(
        string projection, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var builds = new List<Build>();
        await using var command = connection.CreateCommand().With(ReadBuildsSql, projection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            builds.Add(Read(reader));
        return builds;
    }

    /// <summary>The build of a reader's current row, as <c>ReadBuilds.sql</c> gives it.</summary>
    public static Build Read(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetString(3), reader.GetString(4),
        reader.GetString(5), Enum.Parse<BuildState>(reader.GetString(6), ignoreCase: true), reader.GetInt64(7),
        reader.GetInt64(8));

    /// <summary>Makes a build with its empty storage; readers see it when it has caught up.</summary>
    public static async Task<Build> Add(
        IReadModel model,
        IReadOnlyList<Build> builds,
        long from,
        NpgsqlConnection connection,
        CancellationToken cancellationToken)
    {
        var number = builds.Count == 0 ? 1 : builds[0].Number + 1;
        var build = new Build(
            model.Name, number, model.Version, model.Fingerprint, model.Store, model.StorageOf(number),
            BuildState.Building, Position: from, From: from);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.Execute(
            AddBuildSql, cancellationToken, build.Projection, build.Number, build.Version, build.Fingerprint,
            build.Store, build.Storage, build.From);
        await model.Create(build, connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return build;
    }

    /// <summary>
    /// Shows a build to readers in place of the one before, in one transaction, and never an older state for a newer
    /// one: the live build stands still while the last events are brought over.
    /// </summary>
    /// <param name="bringTo">Brings the build to a position at least.</param>
    public static async Task GoLive(
        IReadModel model,
        Build build,
        Func<long, Task<long>> bringTo,
        NpgsqlConnection connection,
        CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = connection.CreateCommand().With(LockLiveSql, build.Projection);
        var live = await command.ExecuteScalarAsync(cancellationToken) as long? ?? 0;
        var position = await bringTo(live);
        await model.Publish(build, connection, cancellationToken);
        await connection.Execute(RetireLiveSql, cancellationToken, build.Projection);
        await connection.Execute(SwitchBuildSql, cancellationToken, build.Projection, build.Number);
        await connection.Execute(AnnounceSql, cancellationToken, build.Projection, position);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Removes a build that is not live, with its storage. Safe to repeat where it came to half.</summary>
    public static async Task Drop(
        IReadModel model, Build build, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.Execute(RemoveBuildSql, cancellationToken, build.Projection, build.Number);
        await model.Drop(build, connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
