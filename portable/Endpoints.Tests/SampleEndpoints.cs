using FluentValidation;
using Microsoft.AspNetCore.Http;

namespace Portable.Endpoints.Tests;

internal enum Color
{
    Red,
    Green,
}

internal sealed record BasketRequest
{
    [RouteParam]
    public Guid BasketId { get; init; }

    public string? Owner { get; init; }

    public IReadOnlyList<BasketLine>? Lines { get; init; }

    [QueryParam]
    public int? Priority { get; init; }

    [FromHeader("X-Color", isRequired: false)]
    public Color? Color { get; init; }
}

internal sealed record BasketLine(string Sku, int Quantity);

internal sealed class BasketRules : Validator<BasketRequest>
{
    public BasketRules() => RuleForEach(basket => basket.Lines)
        .ChildRules(line => line.RuleFor(l => l.Quantity).GreaterThan(0).WithMessage("must be more than 0"));
}

internal sealed class BasketEndpoint : Endpoint<BasketRequest, BasketRequest>
{
    public override void Configure() => Post("/baskets/{basketId}");

    public override Task HandleAsync(BasketRequest req, CancellationToken ct) => Send.OkAsync(req, ct);
}

internal sealed record FilterRequest
{
    public int Limit { get; init; } = 50;

    public decimal? MinPrice { get; init; }

    [BindFrom("in")]
    public string? Category { get; init; }

    public Color Color { get; init; }

    [FromHeader("X-Tenant")]
    public string? Tenant { get; init; }
}

internal sealed class FilterEndpoint : Endpoint<FilterRequest, FilterRequest>
{
    public override void Configure() => Get("/filter");

    public override Task<FilterRequest> ExecuteAsync(FilterRequest req, CancellationToken ct) => Task.FromResult(req);
}

internal sealed record NumberRequest(int Number);

internal sealed class FaultEndpoint : Endpoint<NumberRequest>
{
    public override void Configure() => Get("/faults/{number}");

    public override async Task HandleAsync(NumberRequest req, CancellationToken ct)
    {
        switch (req.Number)
        {
            case 1:
                AddError(request => request.Number, "is too low");
                ThrowIfAnyErrors();
                break;
            case 2:
                ThrowError("is taken", StatusCodes.Status409Conflict);
                break;
            case 3:
                ThrowError(request => request.Number, "is odd", StatusCodes.Status422UnprocessableEntity);
                break;
            case 4:
                AddError("nothing works");
                await Send.ErrorsAsync(StatusCodes.Status503ServiceUnavailable, ct);
                break;
        }
    }
}

internal sealed class SenderEndpoint : EndpointWithoutRequest
{
    public override void Configure()
    {
        Verbs(Http.GET, Http.PUT);
        Routes("/send/{how}");
    }

    public override Task HandleAsync(CancellationToken ct) => HttpContext.Request.RouteValues["how"] switch
    {
        "created" => Send.CreatedAtAsync<FaultEndpoint>(new { number = 7 }, new { made = 7 }, cancellation: ct),
        "accepted" => Send.AcceptedAtAsync("FaultEndpoint", new { number = 8 }, cancellation: ct),
        "missing" => Send.NotFoundAsync(ct),
        "text" => Send.StringAsync("plain", StatusCodes.Status202Accepted, cancellation: ct),
        "result" => Send.ResultAsync(Results.Json(new { of = "result" }, statusCode: StatusCodes.Status418ImATeapot)),
        "response" => Send.ResponseAsync(new { any = "body" }, StatusCodes.Status203NonAuthoritative, ct),
        "ok" => Send.OkAsync(ct),
        _ => Task.CompletedTask,
    };
}

internal sealed class MaybeEndpoint : EndpointWithoutRequest<string?>
{
    public override void Configure() => Get("/maybe");

    public override Task<string?> ExecuteAsync(CancellationToken ct) => Task.FromResult<string?>(null);
}

internal sealed class SmallBodyEndpoint : Endpoint<BasketLine>
{
    public override void Configure()
    {
        Put("/small");
        MaxRequestBodySize(64);
    }

    public override Task HandleAsync(BasketLine req, CancellationToken ct) => Send.NoContentAsync(ct);
}

internal sealed class DisposedEndpoint(Instances instances) : EndpointWithoutRequest, IDisposable
{
    private int calls;

    public override void Configure() => Get("/disposed");

    public override Task HandleAsync(CancellationToken ct) => Send.StringAsync($"call {++calls}", cancellation: ct);

    public void Dispose() => Interlocked.Increment(ref instances.Disposed);
}

internal sealed class AdminEndpoint : EndpointWithoutRequest
{
    public override void Configure()
    {
        Delete("/admin");
        Roles("operator");
        Policies("signed-on");
        Description(route => route.Produces(StatusCodes.Status204NoContent));
    }

    public override Task HandleAsync(CancellationToken ct) => Send.NoContentAsync(ct);
}

internal sealed class RouteOnlyEndpoint : Endpoint<BasketRequest>
{
    public override void Configure()
    {
        Post("/strict/{basketId}");
        RequestBinder(new RequestBinder<BasketRequest>(BindingSource.JsonBody | BindingSource.RouteValues));
    }

    public override Task HandleAsync(BasketRequest req, CancellationToken ct) =>
        Send.StringAsync($"{req.Owner} {req.Priority}", cancellation: ct);
}

internal sealed class TwiceEndpoint : EndpointWithoutRequest
{
    public override void Configure() => Get("/maybe");

    public override Task HandleAsync(CancellationToken ct) => Send.NoContentAsync(ct);
}

internal sealed class NowhereEndpoint : EndpointWithoutRequest
{
    public override void Configure() => Verbs(Http.GET);

    public override Task HandleAsync(CancellationToken ct) => Send.NoContentAsync(ct);
}

internal sealed class UnconfiguredEndpoint : EndpointWithoutRequest
{
    public override Task HandleAsync(CancellationToken ct) => Send.NoContentAsync(ct);
}

internal sealed class IdleEndpoint : EndpointWithoutRequest
{
    public override void Configure() => Get("/idle");
}
