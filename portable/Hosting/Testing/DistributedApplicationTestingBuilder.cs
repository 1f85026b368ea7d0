using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Testing;

/// <summary>The application of an app host, described and not yet built, so that a test may still change it.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Builds the application.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

/// <summary>
/// Starts the app host of the tests' choice. As in Aspire its ports are free ones and there is no dashboard; unlike
/// there its data is not kept, unless the arguments name a folder (<c>--data DIR</c>).
/// </summary>
public static class DistributedApplicationTestingBuilder
{
    /// <typeparam name="TEntryPoint">A class of the app host's assembly, such as <c>Projects.AppHost</c>.</typeparam>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        CancellationToken cancellationToken = default) where TEntryPoint : class =>
        CreateAsync(typeof(TEntryPoint), [], cancellationToken);

    /// <inheritdoc cref="CreateAsync{TEntryPoint}(CancellationToken)" />
    /// <param name="args">The app host's command line.</param>
    /// <param name="cancellationToken">Ends the wait for the description.</param>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, CancellationToken cancellationToken = default) where TEntryPoint : class =>
        CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    /// <inheritdoc cref="CreateAsync{TEntryPoint}(CancellationToken)" />
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint, string[] args, CancellationToken cancellationToken = default) =>
        CreateAsync(entryPoint, args, (_, _) => { }, cancellationToken);

    /// <inheritdoc cref="CreateAsync{TEntryPoint}(CancellationToken)" />
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default) =>
        CreateAsync(typeof(TEntryPoint), args, configureBuilder, cancellationToken);

    /// <inheritdoc cref="CreateAsync{TEntryPoint}(CancellationToken)" />
    /// <param name="entryPoint">A class of the app host's assembly.</param>
    /// <param name="args">The app host's command line.</param>
    /// <param name="configureBuilder">Changes the options before the description begins.</param>
    /// <param name="cancellationToken">Ends the wait for the description.</param>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint,
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default)
    {
        var run = new EntryPointRun(
            entryPoint.Assembly, args, options => configureBuilder(options, new HostApplicationBuilderSettings()));
        return new TestingBuilder(run, await run.Describe(cancellationToken));
    }

    private sealed class TestingBuilder(EntryPointRun run, DistributedApplicationBuilder builder)
        : IDistributedApplicationTestingBuilder
    {
        private DistributedApplication? application;

        public ConfigurationManager Configuration => builder.Configuration;

        public string AppHostDirectory => builder.AppHostDirectory;

        public Assembly? AppHostAssembly => run.Assembly;

        public IHostEnvironment Environment => builder.Environment;

        public IServiceCollection Services => builder.Services;

        public DistributedApplicationExecutionContext ExecutionContext => builder.ExecutionContext;

        public IResourceCollection Resources => builder.Resources;

        public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource => builder.AddResource(resource);

        public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource =>
            builder.CreateResourceBuilder(resource);

        public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

        public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
            application = await run.Build(cancellationToken);

        public void Dispose() => application?.Dispose();

        public ValueTask DisposeAsync() => application?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
