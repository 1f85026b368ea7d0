using EventStore;
using Npgsql;
using Projections.Checking;
using Projections.Engine.Checkpoints;
using Projections.Engine.Control;
using Projections.Engine.Postgres;

namespace Projections.Engine.Running;

/// <summary>Does what operators ask of a projection, and says in words what became of it.</summary>
internal sealed class OperatorRequests(IReadModel model, ProjectionEnvironment environment, WriterSession session)
{
    /// <summary>Entities that are compared where a request does not say how many.</summary>
    private const int DefaultSample = 100;

    private static readonly string AnswerRequestSql = EmbeddedText.Read("Engine/Control/AnswerRequest.sql");
    private static readonly string SkipSql = EmbeddedText.Read("Engine/Control/Skip.sql");
    private static readonly string ReadParkedSql = EmbeddedText.Read("Engine/Checkpoints/ReadParked.sql");

    /// <param name="builds">All builds of the projection, the newest first.</param>
    /// <param name="live">The live build, where it is kept up to date at the moment.</param>
    public async Task Answer(
        Request request,
        IReadOnlyList<Build> builds,
        Build? live,
        NpgsqlConnection connection,
        CancellationToken cancellationToken)
    {
        var (failed, outcome) = (false, "");
        try
        {
            outcome = request.Action switch
            {
                "rebuild" => await Rebuild(request, builds, connection, cancellationToken),
                "drop" => await Drop(request, builds, connection, cancellationToken),
                "retry" => await Retry(request, Followed(live), connection, cancellationToken),
                "skip" => await Skip(request, Followed(live), connection, cancellationToken),
                "check" => await Check(request, Followed(live), cancellationToken),
                _ => throw new RequestRefusedException($"This version knows no action '{request.Action}'."),
            };
        }
        catch (Exception refusal)
            when (refusal is RequestRefusedException or EventDataException or StoreRefusedException)
        {
            (failed, outcome) = (true, refusal.Message);
        }

        environment.Logger.LogInformation(
            "{Projection}: {By} asked to {Action} it: {Outcome}", model.Name, request.By, request.Action, outcome);
        await connection.Execute(
            AnswerRequestSql, cancellationToken, request.Id, failed, outcome, WriterSession.Instance);
    }

    private static Build Followed(Build? live) => live ?? throw new RequestRefusedException(
        "The live build is not followed at the moment: it is paused, or its declaration was changed.");

    private async Task<string> Rebuild(
        Request request, IReadOnlyList<Build> builds, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var from = request.From ?? 0;
        if (builds.FirstOrDefault(build => build.State == BuildState.Building && build.IsOf(model)) is { } busy)
            throw new RequestRefusedException($"It is being rebuilt already: build {busy.Number}.");
        if (from > 0 && !model.CanBeginAnywhere)
        {
            throw new RequestRefusedException(
                $"Its events change rows that others made, or add up totals: without those up to position {from} it "
                + "would be wrong. Rebuild it from the beginning.");
        }

        if (await environment.Log.ReadHead(cancellationToken) is var head && from > head)
            throw new RequestRefusedException($"The log ends at position {head}, before {from}.");
        var build = await Builds.Add(model, builds, from, connection, cancellationToken);
        return $"Build {build.Number} is being filled in {build.Storage}.";
    }

    private async Task<string> Drop(
        Request request, IReadOnlyList<Build> builds, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (builds.FirstOrDefault(build => build.Number == request.Build) is { State: BuildState.Live } live)
            throw new RequestRefusedException($"Build {live.Number} is the live one: rebuild first, then drop it.");
        var chosen = builds
            .Where(build => build.State != BuildState.Live && (request.Build is null || build.Number == request.Build))
            .ToList();
        if (chosen.Count == 0)
        {
            throw new RequestRefusedException(
                request.Build is { } number ? $"There is no build {number}." : "There is none but the live build.");
        }

        if (chosen.FirstOrDefault(build => build.Store != model.Store) is { } foreign)
        {
            throw new RequestRefusedException(
                $"Build {foreign.Number} is in {foreign.Store}, to which this program is not connected ({model.Store}).");
        }

        foreach (var build in chosen)
            await Builds.Drop(model, build, connection, cancellationToken);
        return $"Dropped: {string.Join(", ", chosen.Select(build => build.Storage))}.";
    }

    private async Task<string> Retry(
        Request request, Build live, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var parked = await Parked(live, request.Stream, connection, cancellationToken);
        var outcomes = new List<string>();
        var refused = false;
        foreach (var stream in parked)
        {
            var still = await Retry(stream, cancellationToken);
            refused |= still is not null;
            outcomes.Add(Words(stream.Stream, still));
        }

        return refused
            ? throw new RequestRefusedException(string.Join(" ", outcomes))
            : string.Join(" ", outcomes);
    }

    private async Task<string> Skip(
        Request request, Build live, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var stream = (await Parked(live, request.Stream, connection, cancellationToken))[0];
        await connection.Execute(
            SkipSql, cancellationToken, model.Name, live.Version, stream.Stream, stream.Version, stream.Position,
            stream.EventId, stream.EventType, stream.Error, request.By);
        using (await session.Turn(cancellationToken))
            session.Skip(stream.Position);
        var still = await Retry(stream with { Version = stream.Version + 1 }, cancellationToken);
        return $"{stream.EventType} at version {stream.Version} is left out. {Words(stream.Stream, still)}";
    }

    /// <summary>Whatever goes wrong in comparing is an answer, not a reason to stop following the log.</summary>
    private async Task<string> Check(Request request, Build live, CancellationToken cancellationToken)
    {
        try
        {
            var report = await model.Check(
                request.Sample ?? DefaultSample, request.Repair, environment.Log, session, cancellationToken);
            ConsistencyWatch.Tell(report, environment.Logger);
            return report.ToJson();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new RequestRefusedException($"Build {live.Number} could not be compared: {exception.Message}");
        }
    }

    private static string Words(string stream, PoisonEvent? still) => still is { Event: var recorded, Error: var error }
        ? $"{stream} stays parked from version {recorded.Version} ({recorded.Type}) on: {error.Message}"
        : $"{stream} is followed again.";

    /// <summary>The stream's events up to the checkpoint, in order; the live build waits meanwhile.</summary>
    private async Task<PoisonEvent?> Retry(ParkedStream parked, CancellationToken cancellationToken)
    {
        using (await session.Turn(cancellationToken))
        {
            var events = new List<RecordedEvent>();
            var stream = environment.Log.ReadStream(
                parked.Stream, parked.Version, cancellationToken: cancellationToken);
            await foreach (var recorded in stream)
            {
                if (recorded.Position <= session.Position)
                    events.Add(recorded);
            }

            var still = await model.Retry(parked.Stream, events, session, cancellationToken);
            if (still is not null)
                ProjectionTelemetry.Failed(model.Name);
            return still;
        }
    }

    private async Task<IReadOnlyList<ParkedStream>> Parked(
        Build live, string? stream, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var parked = new List<ParkedStream>();
        await using var command = connection.CreateCommand().With(ReadParkedSql, live.Projection, live.Number);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            parked.Add(new ParkedStream(
                reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetGuid(3), reader.GetString(4),
                reader.GetString(5)));
        }

        var chosen = parked.Where(candidate => stream is null || candidate.Stream == stream).ToList();
        return chosen.Count > 0
            ? chosen
            : throw new RequestRefusedException(
                stream is null ? "No stream is parked." : $"The stream {stream} is not parked.");
    }

    private sealed record ParkedStream(
        string Stream, long Version, long Position, Guid EventId, string EventType, string Error);
}
