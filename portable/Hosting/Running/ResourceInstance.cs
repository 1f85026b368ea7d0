using Microsoft.Extensions.Logging;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Processes;

namespace Portable.Hosting.Running;

/// <summary>
/// One process of one resource, from waiting for its dependencies to its end, with restarts after crashes in between.
/// </summary>
/// <param name="resource">The resource.</param>
/// <param name="id">This instance.</param>
/// <param name="replica">Its number, from 0.</param>
/// <param name="launcher">Knows how to start it.</param>
/// <param name="variables">
/// Variables of this instance, on top of those of the resource; known once the dashboard is.
/// </param>
/// <param name="services">What every instance needs.</param>
internal sealed class ResourceInstance(
    IResource resource,
    string id,
    int replica,
    IResourceLauncher launcher,
    Func<CancellationToken, Task<Dictionary<string, string?>>> variables,
    InstanceFactory services)
{
    /// <summary>
    /// Crashes in a row, before ever having been healthy, after which a resource has failed to start.
    /// </summary>
    private const int FutileStarts = 5;

    /// <summary>A process without health checks that has run for so long counts as having been healthy.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim turn = new(1);
    private readonly InstanceState state = new(resource, id, services);
    private CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private IRunningProcess? process;

    public IResource Resource => resource;

    public string Id => id;

    /// <summary>Starts it and returns at once; does nothing when it runs already.</summary>
    public async Task Start(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (!running.IsCompleted) return;
            stopping.Dispose();
            stopping = new CancellationTokenSource();
            // Published before the return, so that nobody who waits from now on takes the former end for the new one.
            await (Dependencies.Waits(resource).Any() ? state.Waiting() : state.Starting());
            running = Run(stopping.Token);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Stops it in good order and returns when it is gone.</summary>
    public async Task Stop(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await stopping.CancelAsync();
            await running.WaitAsync(cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Ends the process as a crash would.</summary>
    public void Kill() => process?.Kill();

    private async Task Run(CancellationToken stop)
    {
        await Task.Yield();
        try
        {
            await Dependencies.Wait(resource, services.Notifications, services.DefaultWaitBehavior, stop);
            var backoff = new RestartBackoff();
            while (await RunOnce(backoff, stop) is { } pause) await Task.Delay(pause, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await state.Exited(exitCode: null);
        }
        catch (DistributedApplicationException failure)
        {
            await state.FailedToStart(failure.Message);
        }
        catch (Exception failure)
        {
            // A fault of the launcher itself must show as this resource's failure, not end silently with its task.
            await state.FailedToStart(failure.ToString());
        }
    }

    /// <returns>How long to wait before the next start; null when it ended for good.</returns>
    private async Task<TimeSpan?> RunOnce(RestartBackoff backoff, CancellationToken stop)
    {
        await state.Starting();
        await using var started = await Launch(stop);
        process = started;
        backoff.Started();
        using var endOfRun = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var health = WatchHealth(endOfRun.Token);
        try
        {
            var code = await started.Exited.WaitAsync(stop);
            return await Ended(code, backoff);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await state.Stopping();
            await started.Stop();
            await state.Exited(await started.Exited);
            return null;
        }
        finally
        {
            process = null;
            await endOfRun.CancelAsync();
            await health;
        }
    }

    private async Task<IRunningProcess> Launch(CancellationToken stop)
    {
        var environment = await variables(stop);
        foreach (var (name, value) in await ProcessEnvironment.Variables(resource, services.Execution, stop))
            environment[name] = value;
        var arguments = await ProcessEnvironment.Arguments(resource, stop);
        var started = await launcher.Launch(
            new Launch(
                id, replica, services.Folder.Of(resource), environment, arguments,
                (line, isError) => services.Logs.Write(id, line, isError)),
            stop);
        await state.Running(started.Id, environment, arguments);
        return started;
    }

    private async Task<TimeSpan?> Ended(int code, RestartBackoff backoff)
    {
        if (resource is not ContainerResource && (code == 0 || state.IsAwaitedToEnd))
        {
            await state.Finished(code);
            return null;
        }
        if (backoff.Uptime > Settled) state.Settled();
        var pause = backoff.Crashed();
        if (!state.WasHealthy && backoff.Crashes >= FutileStarts)
        {
            await state.FailedToStart(
                $"it ended {FutileStarts} times in a row, the last time with exit code {code}: {state.LastWords}");
            return null;
        }
        await state.Crashed(code, pause);
        return pause;
    }

    private async Task WatchHealth(CancellationToken cancellationToken)
    {
        try
        {
            await services.Health.Watch(
                resource,
                async (reports, healthy) =>
                {
                    var ready = healthy && (state.IsReady || await BecomeReady(cancellationToken));
                    await state.Health(healthy && !ready ? HealthMonitor.Unready(reports) : reports, ready);
                    return ready;
                },
                cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run has ended, and with it the questions.
        }
    }

    /// <summary>
    /// False when what follows health failed, as when the server went away again; it is tried with the next check.
    /// </summary>
    private async Task<bool> BecomeReady(CancellationToken cancellationToken)
    {
        try
        {
            await launcher.Ready(cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            services.Logs.GetLogger(id).LogWarning("healthy but not ready: {Reason}", failure.Message);
            return false;
        }
    }
}
