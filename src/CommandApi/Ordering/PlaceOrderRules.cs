using CommandApi.Requests;
using FluentValidation;

namespace CommandApi.Ordering;

internal sealed class PlaceOrderRules : Validator<PlaceOrderRequest>
{
    private const int MostLines = 100;

    public PlaceOrderRules()
    {
        RuleFor(request => request.OrderId)
            .Must(id => id != Guid.Empty).WithMessage("must not be all zeros: leave it out or send a UUID of your own");
        RuleFor(request => request.CustomerId).RequiredText(100);
        RuleFor(request => request.Lines)
            .Cascade(CascadeMode.Stop)
            .NotNull().WithMessage($"is required: 1 to {MostLines} lines")
            .Must(lines => lines!.Count is >= 1 and <= MostLines)
            .WithMessage((_, lines) => $"must be 1 to {MostLines} lines, were {lines!.Count}");
        RuleForEach(request => request.Lines)
            .Cascade(CascadeMode.Stop)
            .NotNull().WithMessage("must be an object, was null")
            .SetValidator(new LineRules())
            // Past the most there is one error about their number, not thousands about each.
            .When(request => request.Lines?.Count <= MostLines);
        RuleFor(request => request.ShippingAddress)
            .Cascade(CascadeMode.Stop)
            .NotNull().WithMessage("is required: an object with name, line1, city, country")
            .SetValidator(new AddressRules());
        RuleFor(request => request.Payment)
            .Cascade(CascadeMode.Stop)
            .NotNull().WithMessage("is required: { \"cardToken\": \"…\" }")
            .SetValidator(new PaymentRules());
    }

    private sealed class LineRules : AbstractValidator<OrderLineRequest?>
    {
        public LineRules()
        {
            RuleFor(line => line!.Sku).Sku();
            RuleFor(line => line!.Quantity).Between(1, 10_000);
            RuleFor(line => line!.AgreedPrice).SetValidator(new PriceRules());
        }
    }

    private sealed class AddressRules : AbstractValidator<ShippingAddressRequest?>
    {
        public AddressRules()
        {
            RuleFor(address => address!.Name).RequiredText(200);
            RuleFor(address => address!.Line1).RequiredText(200);
            RuleFor(address => address!.Line2).OptionalText(200);
            RuleFor(address => address!.City).RequiredText(100);
            RuleFor(address => address!.PostalCode).OptionalText(20);
            RuleFor(address => address!.Country).RequiredText(60);
        }
    }

    private sealed class PaymentRules : AbstractValidator<PaymentRequest?>
    {
        public PaymentRules() => RuleFor(payment => payment!.CardToken).RequiredText(100);
    }
}
