using System.Reflection;

namespace Portable.Hosting.Testing;

/// <summary>
/// Runs the entry point of an app host inside a test: it describes the application as usual, but the test decides when
/// the application is built, started and stopped.
/// </summary>
internal sealed class EntryPointRun(Assembly assembly, string[] args, Action<DistributedApplicationOptions>? configure)
{
    private static readonly AsyncLocal<EntryPointRun?> Running = new();

    private readonly TaskCompletionSource<DistributedApplicationBuilder> described = Signal<DistributedApplicationBuilder>();
    private readonly TaskCompletionSource<DistributedApplication> built = Signal<DistributedApplication>();
    private readonly TaskCompletionSource disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim mayBuild = new();

    /// <summary>The run that the calling code is part of.</summary>
    public static EntryPointRun? Current => Running.Value;

    public Task Disposed => disposed.Task;

    public Assembly Assembly => assembly;

    /// <summary>Starts the entry point and returns when it has described its application.</summary>
    public Task<DistributedApplicationBuilder> Describe(CancellationToken cancellationToken)
    {
        var thread = new Thread(Run) { IsBackground = true, Name = $"{assembly.GetName().Name} entry point" };
        thread.Start();
        return described.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Lets the entry point build its application.</summary>
    public Task<DistributedApplication> Build(CancellationToken cancellationToken)
    {
        mayBuild.Set();
        return built.Task.WaitAsync(cancellationToken);
    }

    public void Configure(DistributedApplicationOptions options)
    {
        options.AssemblyName ??= assembly.GetName().Name;
        options.DisableDashboard = true;
        options.Testing = true;
        configure?.Invoke(options);
    }

    /// <summary>Blocks the entry point's own thread until the test wants the application built.</summary>
    public void BuilderIsReady(DistributedApplicationBuilder builder)
    {
        described.TrySetResult(builder);
        mayBuild.Wait();
    }

    public void ApplicationIsBuilt(DistributedApplication application) => built.TrySetResult(application);

    public void ApplicationIsDisposed() => disposed.TrySetResult();

    private static TaskCompletionSource<T> Signal<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Run()
    {
        Running.Value = this;
        try
        {
            var entryPoint = assembly.EntryPoint
                ?? throw new DistributedApplicationException($"{assembly.GetName().Name} has no entry point.");
            object?[] parameters = entryPoint.GetParameters().Length == 0 ? [] : [args];
            var result = entryPoint.Invoke(null, parameters);
            (result as Task)?.GetAwaiter().GetResult();
            Fail(new DistributedApplicationException($"{assembly.GetName().Name} ended without building an application."));
        }
        catch (TargetInvocationException failure)
        {
            Fail(failure.InnerException ?? failure);
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    private void Fail(Exception failure)
    {
        described.TrySetException(failure);
        built.TrySetException(failure);
    }
}
