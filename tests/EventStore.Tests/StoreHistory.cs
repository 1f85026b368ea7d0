using FsCheck;
using FsCheck.Fluent;

namespace EventStore.Tests;

/// <summary>Whose transaction an append is in, and how that ends.</summary>
internal enum Way
{
    Own,
    Joined,
    RolledBack,
}

internal sealed record EventStep(bool Removed, string Tags);

internal sealed record StreamStep(int Stream, ExpectedVersion Expected, IReadOnlyList<EventStep> Events);

/// <param name="Tags">All of them.</param>
/// <param name="Back">Behind the event so many from the end.</param>
internal sealed record ConditionStep(string Tags, bool OnlyRemoved, int Back);

/// <param name="Repeats">Not a new append, but that of so many before once more.</param>
internal sealed record AppendStep(
    IReadOnlyList<StreamStep> Streams,
    string? Claim,
    string? Release,
    ConditionStep? Condition,
    int Tenant,
    int Hour,
    int? Repeats)
{
    public override string ToString() => Repeats is { } before
        ? $"repeat the append of {before} before"
        : string.Join(" + ", Streams.Select(stream =>
            $"stream {stream.Stream} at {stream.Expected}: "
            + string.Concat(stream.Events.Select(e => $"{(e.Removed ? '-' : '+')}{e.Tags}"))))
        + (Claim is null ? "" : $", claim {Claim}") + (Release is null ? "" : $", release {Release}")
        + (Condition is null
            ? ""
            : $", if no {(Condition.OnlyRemoved ? "removal" : "event")} tagged {Condition.Tags} behind the last but {Condition.Back}")
        + $", tenant {Tenant}, hour {Hour}";
}

internal sealed record Step(Way Way, IReadOnlyList<AppendStep> Appends)
{
    public override string ToString() => $"{Way}: {string.Join("; then ", Appends)}";
}

/// <summary>What happens to a store, one after the other. Random ones, and simpler ones of a given one.</summary>
internal sealed record StoreHistory(IReadOnlyList<Step> Steps)
{
    public const int Streams = 4;

    public override string ToString() => Environment.NewLine + string.Join(Environment.NewLine, Steps);

    public static Arbitrary<StoreHistory> Arbitrary => Arb.From(
        AnyStep.ListOf().Select(steps => new StoreHistory([.. steps])), (StoreHistory history) => Simpler(history));

    private static Gen<string> AnyTags => Gen.Elements("", "", "x", "y", "x y");

    private static Gen<StreamStep> AnyStream =>
        from stream in Gen.Choose(0, Streams - 1)
        from expected in Gen.Frequency(
            (4, Gen.Constant(ExpectedVersion.Any)),
            (1, Gen.Constant(ExpectedVersion.NoStream)),
            (1, Gen.Constant(ExpectedVersion.StreamExists)),
            (2, Gen.Choose(0, 6).Select(version => ExpectedVersion.Exactly(version))))
        from count in Gen.Choose(1, 3)
        from removed in Gen.Elements(true, false).ListOf(count)
        from tags in AnyTags.ListOf(count)
        select new StreamStep(
            stream, expected, [.. removed.Zip(tags, (isRemoval, tag) => new EventStep(isRemoval, tag))]);

    private static Gen<ConditionStep?> AnyCondition => Gen.Frequency(
        (3, Gen.Constant<ConditionStep?>(null)),
        (1, from tags in Gen.Elements("x", "y", "x y")
            from onlyRemoved in Gen.Elements(true, false)
            from back in Gen.Choose(0, 6)
            select (ConditionStep?)new ConditionStep(tags, onlyRemoved, back)));

    private static Gen<AppendStep> AnyAppend =>
        from count in Gen.Choose(1, 3)
        from streams in AnyStream.ListOf(count)
        from claim in Gen.Elements<string?>(null, null, "a", "b", "c")
        from release in Gen.Elements<string?>(null, null, null, "a", "b", "c")
        from condition in AnyCondition
        from tenant in Gen.Choose(0, 1)
        from hour in Gen.Choose(0, 5)
        from repeats in Gen.Frequency(
            (5, Gen.Constant<int?>(null)), (1, Gen.Choose(1, 4).Select(before => (int?)before)))
        select new AppendStep(
            [.. streams.DistinctBy(stream => stream.Stream)],
            claim,
            release == claim ? null : release,
            condition,
            tenant,
            hour,
            repeats);

    private static Gen<Step> AnyStep =>
        from way in Gen.Frequency(
            (3, Gen.Constant(Way.Own)), (2, Gen.Constant(Way.Joined)), (1, Gen.Constant(Way.RolledBack)))
        from count in Gen.Choose(1, way is Way.Own ? 1 : 3)
        from appends in AnyAppend.ListOf(count)
        select new Step(way, [.. appends]);

    private static IEnumerable<StoreHistory> Simpler(StoreHistory history)
    {
        var steps = history.Steps;
        for (var size = steps.Count / 2; size > 1; size /= 2)
        {
            for (var at = 0; at < steps.Count; at += size)
                yield return new StoreHistory([.. steps.Take(at), .. steps.Skip(at + size)]);
        }
        for (var at = 0; at < steps.Count; at++)
            yield return new StoreHistory([.. steps.Take(at), .. steps.Skip(at + 1)]);
        for (var at = 0; at < steps.Count; at++)
        {
            foreach (var simpler in Simpler(steps[at]))
                yield return new StoreHistory([.. steps.Take(at), simpler, .. steps.Skip(at + 1)]);
        }
    }

    private static IEnumerable<Step> Simpler(Step step)
    {
        if (step.Way is not Way.Own && step.Appends.Count == 1)
            yield return step with { Way = Way.Own };
        for (var at = 0; step.Appends.Count > 1 && at < step.Appends.Count; at++)
            yield return step with { Appends = [.. step.Appends.Take(at), .. step.Appends.Skip(at + 1)] };
        for (var at = 0; at < step.Appends.Count; at++)
        {
            foreach (var simpler in Simpler(step.Appends[at]))
                yield return step with { Appends = [.. step.Appends.Take(at), simpler, .. step.Appends.Skip(at + 1)] };
        }
    }

    private static IEnumerable<AppendStep> Simpler(AppendStep append)
    {
        if (append.Claim is not null)
            yield return append with { Claim = null };
        if (append.Release is not null)
            yield return append with { Release = null };
        if (append.Condition is not null)
            yield return append with { Condition = null };
        if ((append.Tenant, append.Hour) != (0, 0))
            yield return append with { Tenant = 0, Hour = 0 };
        for (var at = 0; append.Streams.Count > 1 && at < append.Streams.Count; at++)
            yield return append with { Streams = [.. append.Streams.Take(at), .. append.Streams.Skip(at + 1)] };
        for (var at = 0; at < append.Streams.Count; at++)
        {
            if (append.Streams[at] is { Events.Count: > 1 } stream)
                yield return With(at, stream with { Events = [.. stream.Events.Take(stream.Events.Count - 1)] });
            if (append.Streams[at].Expected != ExpectedVersion.Any)
                yield return With(at, append.Streams[at] with { Expected = ExpectedVersion.Any });
        }

        AppendStep With(int at, StreamStep stream) =>
            append with { Streams = [.. append.Streams.Take(at), stream, .. append.Streams.Skip(at + 1)] };
    }
}
