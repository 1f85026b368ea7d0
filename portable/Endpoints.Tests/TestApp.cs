using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Portable.Endpoints.Tests;

/// <summary>A web application with the given endpoint classes, on a free loopback port.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestApp(WebApplication app)
    {
        this.app = app;
        var server = app.Services.GetRequiredService<IServer>();
        var addresses = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        Http = new HttpClient { BaseAddress = new Uri(addresses.First()) };
    }

    public HttpClient Http { get; }

    public IServiceProvider Services => app.Services;

    public static Task<TestApp> Start(params Type[] types) => Start(_ => { }, types);

    public static async Task<TestApp> Start(Action<Config> configure, params Type[] types)
    {
        var app = Build(configure, types);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestApp(app);
    }

    /// <param name="types">Endpoint and validator classes to register; no others are.</param>
    public static WebApplication Build(Action<Config> configure, params Type[] types)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddFastEndpoints(discovery =>
        {
            discovery.Assemblies = [typeof(TestApp).Assembly];
            discovery.DisableAutoDiscovery = true;
            discovery.Filter = types.Contains;
        });
        builder.Services.AddSingleton<Instances>();
        builder.Services.AddAuthorization();
        var app = builder.Build();
        app.UseFastEndpoints(config =>
        {
            config.Endpoints.ShortNames = true;
            config.Endpoints.Configurator = endpoint => endpoint.AllowAnonymous();
            configure(config);
        });
        return app;
    }

    public Task<HttpResponseMessage> Get(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> Post(string path, string json) => Http.PostAsync(
        path, new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }
}

/// <summary>Counts what a test endpoint is made of and unmade.</summary>
internal sealed class Instances
{
    public int Disposed;
}
