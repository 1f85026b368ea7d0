using Npgsql;
using Projections.Engine.Postgres;

namespace Projections.Engine.Checkpoints;

/// <summary>Finds or makes the build that a declaration fills, and makes it the live one.</summary>
internal static class Builds
{
    private static readonly string ReadBuildsSql = EmbeddedText.Read("Engine/Checkpoints/ReadBuilds.sql");
    private static readonly string AddBuildSql = EmbeddedText.Read("Engine/Checkpoints/AddBuild.sql");
    private static readonly string RetireLiveSql = EmbeddedText.Read("Engine/Checkpoints/RetireLive.sql");
    private static readonly string SwitchBuildSql = EmbeddedText.Read("Engine/Checkpoints/SwitchBuild.sql");

    /// <summary>
    /// The build to fill. The first of a projection is live from the start; a new version gets a new build beside the
    /// live one.
    /// </summary>
    /// <exception cref="ProjectionChangedException">
    /// The declaration is not the one that the live build was made by.
    /// </exception>
    public static async Task<Build> Open(
        IReadModel model, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var builds = await Read(model.Name, connection, cancellationToken);
        var live = builds.FirstOrDefault(build => build.State == BuildState.Live);
        if (live?.Version > model.Version)
        {
            throw new ProjectionChangedException(
                $"{model.Name} is live with version {live.Version}, this program declares version {model.Version}: "
                + "an older program stands by. Update it, or raise its version.");
        }

        var mine = builds.FirstOrDefault(build =>
            build.State != BuildState.Retired && build.Version == model.Version && build.Store == model.Store);
        if (mine is null)
        {
            var number = builds.Count == 0 ? 1 : builds[0].Number + 1;
            return await Add(model, number, live is null, connection, cancellationToken);
        }

        if (mine.Fingerprint != model.Fingerprint)
        {
            throw new ProjectionChangedException(
                $"The declaration of {model.Name} was changed, but its version is still {model.Version}: raise it, and "
                + "the model is filled anew beside the one that readers see.");
        }

        return mine;
    }

    /// <summary>Shows a build to readers in place of the one before, in one transaction.</summary>
    public static async Task<Build> GoLive(
        IReadModel model, Build build, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await model.Publish(build, connection, cancellationToken);
        await connection.Execute(RetireLiveSql, cancellationToken, build.Projection);
        await connection.Execute(SwitchBuildSql, cancellationToken, build.Projection, build.Number);
        await transaction.CommitAsync(cancellationToken);
        return build with { State = BuildState.Live };
    }

    private static async Task<IReadOnlyList<Build>> Read(
        string projection, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var builds = new List<Build>();
        await using var command = connection.CreateCommand().With(ReadBuildsSql, projection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            builds.Add(new Build(
                reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetString(3), reader.GetString(4),
                reader.GetString(5), Enum.Parse<BuildState>(reader.GetString(6), ignoreCase: true),
                reader.GetInt64(7)));
        }

        return builds;
    }

    private static async Task<Build> Add(
        IReadModel model, int number, bool live, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var build = new Build(
            model.Name, number, model.Version, model.Fingerprint, model.Store, model.StorageOf(number),
            live ? BuildState.Live : BuildState.Building, Position: 0);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.Execute(
            AddBuildSql, cancellationToken, build.Projection, build.Number, build.Version, build.Fingerprint,
            build.Store, build.Storage, build.State.ToString().ToLowerInvariant());
        await model.Create(build, connection, cancellationToken);
        if (live)
            await model.Publish(build, connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return build;
    }
}

/// <summary>A declaration and the build it would fill do not go together.</summary>
internal sealed class ProjectionChangedException(string message) : Exception(message);
