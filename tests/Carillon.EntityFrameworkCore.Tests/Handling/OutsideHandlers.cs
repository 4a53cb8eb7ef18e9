namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Handles exactly once, with a context that does not come as a parameter.</summary>
public sealed class OutsideHandlers(HandlerSteps steps, ShopContext context)
{
    [Handler(Delivery = DeliveryGuarantee.ExactlyOnce)]
    public Task On(PaymentReceived payment)
    {
        steps.Run(context);
        return steps.Use(context);
    }
}
