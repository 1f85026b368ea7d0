using FluentValidation;

namespace QueryApi.Consistency;

/// <summary>
/// The rules of what every query takes. A header that makes no sense is an error: ignoring it would answer less than
/// was asked for.
/// </summary>
internal abstract class QueryValidator<TQuery> : Validator<TQuery> where TQuery : Query
{
    private const int LongestText = 200;

    /// <param name="offersStrong">Whether the query is for one entity, whose streams can be folded.</param>
    protected QueryValidator(bool offersStrong = false)
    {
        RuleFor(query => query.ConsistencyToken)
            .GreaterThanOrEqualTo(0)
            .OverridePropertyName(Query.TokenHeader)
            .WithMessage("must be what a command was answered with, a whole number from 0 up, was {PropertyValue}");
        RuleFor(query => query.ConsistencyTimeout)
            .InclusiveBetween(0, 30)
            .OverridePropertyName(Query.TimeoutHeader)
            .WithMessage("must be seconds from 0 to 30, was {PropertyValue}");
        RuleFor(query => query.MaxStaleness)
            .Must(text => text is null || Query.Duration(text) is not null)
            .OverridePropertyName(Query.MaxStalenessHeader)
            .WithMessage("must be a duration of at most a day, such as 500ms, 2s or 1m, was '{PropertyValue}'");
        RuleFor(query => query.Consistency)
            .Must(level => level is null or "eventual" || (offersStrong && level is "strong"))
            .OverridePropertyName(Query.LevelHeader)
            .WithMessage(
                $"can only be eventual{(offersStrong ? " or strong" : "")}, was '{{PropertyValue}}'; to read your own writes send {Query.TokenHeader}, and "
                + $"for an age limit {Query.MaxStalenessHeader}");
    }

    /// <summary>Text that stores and indexes can take.</summary>
    protected IRuleBuilderOptions<TQuery, string?> RuleForText(
        System.Linq.Expressions.Expression<Func<TQuery, string?>> text) =>
        RuleFor(text)
            .Must(value => value is null || (value.Length <= LongestText && !value.Any(char.IsControl)))
            .WithMessage($"must be at most {LongestText} characters, without control characters");
}
