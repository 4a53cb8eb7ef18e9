namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Handles exactly once, with a context that does not come as a parameter.</summary>
#pragma warning disable CRL0020 // What becomes of it is what the tests ask.
public sealed class OutsideHandlers(HandlerSteps steps, ShopContext context)
#pragma warning restore CRL0020
{
    [Handler(Delivery = DeliveryGuarantee.ExactlyOnce)]
    public Task On(PaymentReceived payment)
    {
        steps.Run(context);
        return steps.Use(context);
    }
}
