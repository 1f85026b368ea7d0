using System.CommandLine;
using ProjectionControl;

namespace Cli.Projections;

/// <summary><c>cqrs projection list|status|rebuild|pause|resume|drop|parked|retry|skip</c>.</summary>
internal static class ProjectionCommands
{
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait until it is done." };

    public static Command Create() =>
        new("projection", "Shows the read models, and rebuilds, pauses, resumes, drops and mends them.")
        {
            List(), Status(), Rebuild(), Pause(), Resume(), Drop(), Parked(), Retry(), Skip(),
        };

    private static Command List()
    {
        var command = new Command("list", "Every projection with its live build.")
        {
            Output.Json, ProjectionConnection.Option,
        };
        command.SetAction((parsed, token) => ProjectionConnection.Run(parsed, async (operations, cancellationToken) =>
        {
            var states = await operations.List(cancellationToken);
            if (parsed.GetValue(Output.Json))
                Output.WriteJson(states);
            else
                ProjectionTables.WriteList(ProjectionTables.Out(), states);
            return ExitCodes.Success;
        }, token));
        return command;
    }

    private static Command Status()
    {
        var projection = ProjectionArgument();
        var command = new Command(
            "status", "One projection with all its builds, parked streams, skipped events and instances.")
        {
            projection, Output.Json, ProjectionConnection.Option,
        };
        command.SetAction((parsed, token) => ProjectionConnection.Run(parsed, async (operations, cancellationToken) =>
        {
            var state = await Find(operations, parsed.GetRequiredValue(projection), cancellationToken);
            if (parsed.GetValue(Output.Json))
                Output.WriteJson(state);
            else
                ProjectionTables.WriteStatus(ProjectionTables.Out(), state);
            return state.Live is { Error: null } && state.Parked.Count == 0 && state.Instances.Count > 0
                ? ExitCodes.Success
                : ExitCodes.Failed;
        }, token));
        return command;
    }

    private static Command Rebuild()
    {
        var projection = ProjectionArgument();
        var from = new Option<long?>("--from")
        {
            Description = "Begin behind this position: only where every event makes its whole row.",
        };
        from.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long?>() is < 0)
                result.AddError("--from takes a position of the log, 0 or above");
        });
        var command = new Command(
            "rebuild", "Fills a projection anew beside the live build, which readers see until the new one has caught up.")
        {
            projection, from, Wait, Output.Json, ProjectionConnection.Option,
        };
        command.SetAction((parsed, token) => ProjectionConnection.Run(parsed, async (operations, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(projection);
            var state = await Find(operations, name, cancellationToken);
            var request = await operations.Rebuild(name, parsed.GetValue(from), User(), cancellationToken);
            var answered = await Answer(operations, state, request, parsed, cancellationToken);
            if (answered != ExitCodes.Success || !parsed.GetValue(Wait))
                return answered;
            return await RebuildProgress.Show(operations, name, parsed.GetValue(Output.Json), cancellationToken);
        }, token));
        return command;
    }

    private static Command Pause()
    {
        var projection = ProjectionArgument();
        var command = new Command("pause", "Lets all builds of a projection stand still.")
        {
            projection, Output.Json, ProjectionConnection.Option,
        };
        command.SetAction((parsed, token) => ProjectionConnection.Run(parsed, async (operations, cancellationToken) =>
        {
            var state = await Find(operations, parsed.GetRequiredValue(projection), cancellationToken);
            await operations.Pause(state.Name, User(), cancellationToken);
            return Output.Say(parsed, $"{state.Name} is paused; readers see it as it is now.");
        }, token));
        return command;
    }

    private static Command Resume()
    {
        var projection = ProjectionArgument();
        var command = new Command("resume", "Lets a paused projection go on.")
        {
            projection, Output.Json, ProjectionConnection.Option,
        };
        command.SetAction((parsed, token) => ProjectionConnection.Run(parsed, async (operations, cancellationToken) =>
        {
            var state = await Find(operations, parsed.GetRequiredValue(projection), cancellationToken);
            await operations.Resume(state.Name, cancellationToken);
            var said = Output.Say(parsed, $"{state.Name} goes on.");
            return state.Instances.Count > 0 ? said : Nobody(state.Name);
        }, token));
        return command;
    }

    private static Command Drop()
    {
        var projection = ProjectionArgument();
        var build = new Option<int?>("--build")
        {
            Description = "Number of the build (else every one that is not live).",
        };
        var command = new Command(
            "drop", "Removes builds that are not live, with their storage; gives up a rebuild under way.")
        {
            projection, build, Output.Json, ProjectionConnection.Option,
        };
        command.SetAction((parsed, token) => ProjectionConnection.Run(parsed, async (operations, cancellationToken) =>
        {
            var state = await Find(operations, parsed.GetRequiredValue(projection), cancellationToken);
            var request = await operations.Drop(state.Name, parsed.GetValue(build), User(), cancellationToken);
            return await Answer(operations, state, request, parsed, cancellationToken);
        }, token));
        return command;
    }

    private static Command Parked()
    {
        var projection = ProjectionArgument();
        var command = new Command("parked", "The streams that a projection leaves out, each with its error.")
        {
            projection, Output.Json, ProjectionConnection.Option,
        };
        command.SetAction((parsed, token) => ProjectionConnection.Run(parsed, async (operations, cancellationToken) =>
        {
            var state = await Find(operations, parsed.GetRequiredValue(projection), cancellationToken);
            if (parsed.GetValue(Output.Json))
                Output.WriteJson(new { state.Parked, state.Skipped });
            else
                ProjectionTables.WriteParked(ProjectionTables.Out(), state);
            return ExitCodes.Success;
        }, token));
        return command;
    }

    private static Command Retry()
    {
        var projection = ProjectionArgument();
        var stream = new Argument<string?>("STREAM")
        {
            Description = "The stream, such as order/demo/… (else every parked stream).",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("retry", "Applies the events of parked streams from where they stopped, in order.")
        {
            projection, stream, Output.Json, ProjectionConnection.Option,
        };
        command.SetAction((parsed, token) => ProjectionConnection.Run(parsed, async (operations, cancellationToken) =>
        {
            var state = await Find(operations, parsed.GetRequiredValue(projection), cancellationToken);
            var request = await operations.Retry(state.Name, parsed.GetValue(stream), User(), cancellationToken);
            return await Answer(operations, state, request, parsed, cancellationToken);
        }, token));
        return command;
    }

    private static Command Skip()
    {
        var projection = ProjectionArgument();
        var stream = new Argument<string>("STREAM") { Description = "The parked stream, such as order/demo/…." };
        var command = new Command(
            "skip", "Leaves out the event that parked a stream, on record, and goes on behind it.")
        {
            projection, stream, Output.Json, ProjectionConnection.Option,
        };
        command.SetAction((parsed, token) => ProjectionConnection.Run(parsed, async (operations, cancellationToken) =>
        {
            var state = await Find(operations, parsed.GetRequiredValue(projection), cancellationToken);
            var request = await operations.Skip(
                state.Name, parsed.GetRequiredValue(stream), User(), cancellationToken);
            return await Answer(operations, state, request, parsed, cancellationToken);
        }, token));
        return command;
    }

    /// <summary>Waits for an instance to take the request up, and says so where there is none to do it.</summary>
    private static async Task<int> Answer(
        ProjectionOperations operations,
        ProjectionState state,
        long request,
        ParseResult parsed,
        CancellationToken cancellationToken)
    {
        if (state.Instances.Count == 0)
            return Nobody(state.Name);
        if (await operations.Answer(request, TimeSpan.FromSeconds(60), cancellationToken) is not { } answer)
        {
            await Console.Error.WriteLineAsync(
                $"cqrs: no instance has taken the request up in a minute; it stays open. See cqrs projection status "
                + $"{state.Name}.");
            return ExitCodes.Unavailable;
        }

        if (!answer.Failed)
            return Output.Say(parsed, answer.Words);
        await Console.Error.WriteLineAsync($"cqrs: {state.Name}: {answer.Words}");
        return ExitCodes.Failed;
    }

    private static int Nobody(string projection)
    {
        Console.Error.WriteLine(
            $"cqrs: no instance that fills {projection} is running; the request waits until one starts.");
        return ExitCodes.Unavailable;
    }

    private static async Task<ProjectionState> Find(
        ProjectionOperations operations, string projection, CancellationToken cancellationToken)
    {
        if (await operations.Find(projection, cancellationToken) is { } state)
            return state;
        var known = (await operations.List(cancellationToken)).Select(other => other.Name);
        throw new InvalidDataException(
            $"there is no projection '{projection}'; there are: {string.Join(", ", known)}");
    }

    private static string User() => $"{Environment.UserName}@{Environment.MachineName}";

    private static Argument<string> ProjectionArgument() =>
        new("PROJECTION") { Description = "Its name, such as order-details." };
}
