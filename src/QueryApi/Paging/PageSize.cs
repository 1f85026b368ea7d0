using FluentValidation;

namespace QueryApi.Paging;

/// <summary>How many items a page or a list has: the query parameter <c>limit</c>.</summary>
internal static class PageSize
{
    public const int Default = 50;
    private const int Most = 200;

    public static IRuleBuilderOptions<TRequest, int?> IsPageSize<TRequest>(this IRuleBuilder<TRequest, int?> rule) =>
        rule.InclusiveBetween(1, Most).WithMessage($"must be between 1 and {Most}, was {{PropertyValue}}");
}
