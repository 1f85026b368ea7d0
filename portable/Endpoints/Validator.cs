using FluentValidation;

namespace Portable.Endpoints;

/// <summary>Tells a validator of this engine's from any other of FluentValidation's.</summary>
internal interface IEndpointValidator;

/// <summary>
/// The rules of a request type, found when the application starts and run before every handler of that type.
/// One instance for all requests: keep no state.
/// </summary>
public abstract class Validator<TRequest> : AbstractValidator<TRequest>, IEndpointValidator where TRequest : notnull;
