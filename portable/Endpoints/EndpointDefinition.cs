using System.Runtime.CompilerServices;
using FluentValidation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Portable.Endpoints;

/// <summary>The configuration of an endpoint class, fixed when the application has started.</summary>
public sealed class EndpointDefinition(Type endpointType, Type requestDtoType, Type responseDtoType)
{
    public Type EndpointType { get; init; } = endpointType;

    public Type ReqDtoType { get; init; } = requestDtoType;

    public Type ResDtoType { get; init; } = responseDtoType;

    public string[] Routes { get; private set; } = [];

    public string[] Verbs { get; private set; } = [];

    public string[]? AnonymousVerbs { get; private set; }

    public List<string>? AllowedRoles { get; private set; }

    public List<string>? PreBuiltUserPolicies { get; private set; }

    public List<string>? EndpointTags { get; private set; }

    public EndpointSummary? EndpointSummary { get; private set; }

    public Type? ValidatorType { get; internal set; }

    internal Config Config { get; set; } = null!;

    internal bool ExecuteAsyncImplemented { get; init; }

    internal bool Locked { get; set; }

    internal object Binder { get; private set; } = null!;

    internal IValidator? RequestValidator { get; private set; }

    internal ObjectFactory CreateEndpoint { get; } = ActivatorUtilities.CreateFactory(endpointType, Type.EmptyTypes);

    internal Action<RouteHandlerBuilder>? UserConfiguration { get; private set; }

    internal long? LargestBody { get; private set; }

    /// <summary>No authentication needed, for the given methods or all.</summary>
    public void AllowAnonymous(params Http[] verbs)
    {
        ThrowIfLocked();
        AnonymousVerbs = verbs.Length > 0 ? [.. verbs.Select(verb => verb.ToString())] : [.. Enum.GetNames<Http>()];
    }

    /// <summary>The asker needs one of these roles.</summary>
    public void Roles(params string[] rolesNames)
    {
        ThrowIfLocked();
        AllowedRoles = [.. AllowedRoles ?? [], .. rolesNames];
    }

    /// <summary>The asker must satisfy all of these authorization policies.</summary>
    public void Policies(params string[] policyNames)
    {
        ThrowIfLocked();
        PreBuiltUserPolicies = [.. PreBuiltUserPolicies ?? [], .. policyNames];
    }

    /// <summary>Describes the endpoint for OpenAPI.</summary>
    public void Description(Action<RouteHandlerBuilder> builder, bool clearDefaults = false)
    {
        ThrowIfLocked();
        UserConfiguration = clearDefaults ? ClearDefaults + builder + UserConfiguration : builder + UserConfiguration;
    }

    /// <summary>Whatever else can be said of a minimal-API route.</summary>
    public void Options(Action<RouteHandlerBuilder> builder)
    {
        ThrowIfLocked();
        UserConfiguration = builder + UserConfiguration;
    }

    /// <summary>Text about the endpoint.</summary>
    public void Summary(Action<EndpointSummary> endpointSummary)
    {
        ThrowIfLocked();
        endpointSummary(EndpointSummary ??= new EndpointSummary());
    }

    /// <summary>Text about the endpoint.</summary>
    public void Summary<TRequest>(Action<EndpointSummary<TRequest>> endpointSummary) where TRequest : notnull
    {
        ThrowIfLocked();
        var summary = EndpointSummary as EndpointSummary<TRequest> ?? new EndpointSummary<TRequest>();
        endpointSummary(summary);
        EndpointSummary = summary;
    }

    /// <summary>Words to filter endpoints by at start.</summary>
    public void Tags(params string[] endpointTags)
    {
        ThrowIfLocked();
        EndpointTags = [.. EndpointTags ?? [], .. endpointTags];
    }

    /// <summary>The largest body accepted, in bytes.</summary>
    public void MaxRequestBodySize(long size)
    {
        ThrowIfLocked();
        LargestBody = size;
    }

    /// <summary>The validator to use.</summary>
    public void Validator<TValidator>() where TValidator : IValidator
    {
        ThrowIfLocked();
        ValidatorType = typeof(TValidator);
    }

    internal void SetVerbs(string[] verbs)
    {
        ThrowIfLocked();
        Verbs = verbs;
    }

    internal void SetRoutes(string[] patterns)
    {
        ThrowIfLocked();
        Routes = patterns;
    }

    internal void UseBinder(object binder)
    {
        ThrowIfLocked();
        Binder = binder;
    }

    /// <summary>Compiles what requests need, so that none of them pays for it, and closes the definition.</summary>
    internal void Lock(IServiceProvider services)
    {
        Binder ??= Activator.CreateInstance(typeof(RequestBinder<>).MakeGenericType(ReqDtoType))!;
        ((IConfiguredBinder)Binder).Use(Config);
        if (ValidatorType is not null)
            RequestValidator = (IValidator)ActivatorUtilities.CreateInstance(services, ValidatorType);
        Locked = true;
    }

    private static readonly Action<RouteHandlerBuilder> ClearDefaults = route => route.Add(endpoint =>
    {
        for (var i = endpoint.Metadata.Count - 1; i >= 0; i--)
        {
            if (endpoint.Metadata[i] is IAcceptsMetadata or IProducesResponseTypeMetadata)
                endpoint.Metadata.RemoveAt(i);
        }
    });

    private void ThrowIfLocked([CallerMemberName] string member = "")
    {
        if (Locked)
            throw new InvalidOperationException(
                $"{EndpointType.FullName}: {member} can be called from Configure() only, not after start.");
    }
}
